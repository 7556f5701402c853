"""The sample datasets: one YAML file for each publisher or theme."""
