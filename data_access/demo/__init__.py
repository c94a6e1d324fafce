"""The demo district: files as a customer would hand them in, written by code and taken through the import."""
