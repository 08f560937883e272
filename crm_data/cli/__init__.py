"""The commands: all that an operator or another program asks of the product without a screen."""
