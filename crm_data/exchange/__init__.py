"""What crosses the border: reading files of others, importing them, writing exports."""
