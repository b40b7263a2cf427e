"""The models of every area, for Django."""
