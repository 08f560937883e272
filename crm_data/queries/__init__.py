"""What the screens look at: lists, records and look-ups, each narrowed to what the acting user may see."""
