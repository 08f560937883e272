"""Figures and their definitions: frames in, numbers and frames out."""
