"""The Python language host: what the engine asks to run a program or a policy pack.

It is installed beside the built engine and runs in the interpreter of the project that is deployed, so that it needs no
more than that project has anyway: the Pulumi SDK and the gRPC stubs inside it.
"""
