"""More of a service that moto has: `extends.txt` names the modules that `extension.py` changes when they are loaded."""
