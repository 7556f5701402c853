"""The sample powers, as YAML files."""
