"""The process that an engine starts: prints its port and serves until it is told to end, or its engine is gone."""

from __future__ import annotations

import gc
import os
import signal
import sys
from concurrent import futures

import grpc

from tools.aws_plugin import stubs

# Imports make many objects that stay. To look among them for garbage every 700 new ones is a tenth of the start.
gc.set_threshold(10_000, 50, 1_000)
stubs.import_alone()

from pulumi.runtime.proto import provider_pb2_grpc  # noqa: E402 - after the SDK's place was taken

from tools.aws_plugin.server import Provider  # noqa: E402 - after the SDK's place was taken

# The engine sends whole properties in one message, and calls in parallel.
LARGEST_MESSAGE = 400 * 1024 * 1024
THREADS = 32
SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    # The engine interrupts the whole process group at the end of a run. A handler would run in the main thread only,
    # which gRPC's threads can keep asleep; blocked in every thread, the signal waits until it is asked for.
    endings, engine = {signal.SIGINT, signal.SIGTERM}, os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)
    limits = [("grpc.max_receive_message_length", LARGEST_MESSAGE), ("grpc.max_send_message_length", LARGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(THREADS), options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # An engine that is killed asks nothing; its plugin would otherwise live on for ever.
    while signal.sigtimedwait(endings, SECONDS_BETWEEN_LOOKS) is None and os.getppid() == engine:
        continue
    server.stop(grace=1).wait()
    # A call that AWS does not answer keeps its thread, and the thread this process: it would try again, for nobody.
    os._exit(0)


if __name__ == "__main__":
    main()
