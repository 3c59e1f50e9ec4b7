"""What prepares a machine for the project; nothing here is part of the program."""
