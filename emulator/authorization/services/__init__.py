"""Which permissions each service wants for its operations: one module per service.

Each has `needs(operation, parameters, where)`, and `values(operation, parameters, where)` for its own condition keys.
An action is the operation's name unless a table here says otherwise.
"""
