"""The only place in production code where AWS is called. One small class per service, with our own types as results."""
