"""The published contract: JSON Schemas, codelists, checking, canonical form, and the database they rest on."""
