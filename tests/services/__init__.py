"""What tests need from the machine: database servers, a browser, real trial files."""
