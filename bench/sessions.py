"""Many visitors at once without browsers: sockets that speak Streamlit's protocol and move the slider."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

LONGEST_PAUSE_S, TIMEOUT_S = 4.0, 60.0


@dataclass
class Session:
    """One visitor: its socket, slider and address, what it keeps, how long answers took and what failed."""

    socket: Any
    slider: str = ""
    query: str = ""
    kept: set[str] = field(default_factory=set)
    latencies_ms: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def run(self, value: int | None = None) -> None:
        """Ask for a run of the script, with the slider moved or as it stands, and wait until it has finished."""
        ask = BackMsg()
        ask.rerun_script.query_string = self.query
        # What a browser keeps is not sent to it again.
        ask.rerun_script.cached_message_hashes.extend(self.kept)
        if value is not None:
            state = ask.rerun_script.widget_states.widgets.add(id=self.slider)
            state.double_array_value.data.append(value)
        start, received = time.perf_counter(), 0
        await self.socket.send(ask.SerializeToString())
        while True:
            frame = await asyncio.wait_for(self.socket.recv(), TIMEOUT_S)
            received += len(frame)
            message = ForwardMsg.FromString(frame)
            self._note(message)
            if message.WhichOneof("type") == "script_finished":
                break
        self.latencies_ms.append(1000 * (time.perf_counter() - start))
        self.bytes.append(received)

    def _note(self, message: ForwardMsg) -> None:
        """Remember the slider, the address, what a browser would keep, and errors."""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.kept.add(message.hash)
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        if kind == "script_finished" and message.script_finished not in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_EARLY_FOR_RERUN,
        ):
            self.errors.append(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "slider":
                self.slider = element.slider.id
            if element.WhichOneof("type") == "exception":
                self.errors.append(element.exception.message)

    async def move(self, seconds: float) -> None:
        """Move the slider every 0 to 4 seconds."""
        end = time.monotonic() + seconds
        while (pause := random.uniform(0, LONGEST_PAUSE_S)) < end - time.monotonic():
            await asyncio.sleep(pause)
            try:
                await self.run(random.randint(1, 100))
            except (TimeoutError, websockets.WebSocketException) as error:
                self.errors.append(repr(error))
                return


async def opened(address: str) -> Session:
    """A session that has seen its first page."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    socket = await websockets.connect(
        url,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(address),
        max_size=None,
        compression=None,
        ping_interval=None,
    )
    session = Session(socket)
    await session.run()
    return session


async def crowd(address: str, sessions: list[Session], number: int, seconds: float) -> None:
    """Bring the crowd to a number, forget the past, and let everybody move the slider for a while."""
    while len(sessions) < number:
        sessions.append(await opened(address))
    for each in sessions:
        each.latencies_ms, each.bytes, each.errors = [], [], []
    await asyncio.gather(*(each.move(seconds) for each in sessions))


async def leave(sessions: list[Session]) -> None:
    """Close every socket."""
    await asyncio.gather(*(each.socket.close() for each in sessions))
