"""The register of agreements by which one organisation shares data with another."""
