"""A stand-in for the engine's `aws` resource plugin, for exactly the resource types that Airlock's stacks use.

The engine starts it as a process and speaks to it as to the real plugin (the SDK's own protocol stubs, nothing
generated here). It makes real AWS calls with boto3, so whatever answers those calls decides: here that is the emulator.
A resource type, a property or a provider setting that it does not know is an error that names it; nothing is silently
ignored.

`fields` says what a property may hold, `resource` what a resource type is, `services/` holds one file per AWS service,
`catalogue` lists them, `lifecycle` turns the engine's requests into calls of those, `server` speaks the protocol, and
`install` puts the plugin where an engine finds it.
"""
