import { expect, it } from "vitest";
import { silentLog } from "../base/log.ts";
import { listenModem } from "../firmware-sim/modem-listen.ts";
import { listenSerial } from "../firmware-sim/modem-listen-serial.ts";
import { bursts, hearThrough, ptyPair } from "../tests/gateway-lines.ts";
import { dialSerial } from "./transport-serial.ts";

it("makes the same packets over a serial line as over a pipe", async () => {
  const [piped, wired] = [bursts(), bursts()];
  const overPipe = await hearThrough(piped, piped.pipe);
  const pair = await ptyPair();
  const url = `serial://${pair.modemPath}?baud=921600`;
  const port = wired.hostEnd(await dialSerial(pair.hostPath, 921_600));
  const listening = await listenModem(url, wired.taker, { log: silentLog, listenSerial });
  const overSerial = await hearThrough(wired, async () => port);
  await listening.stop();
  await pair.stop();
  expect(overPipe.payloads.length).toBeGreaterThan(30);
  expect(overSerial.packets).toEqual(overPipe.packets);
});

it("names a device that is not there", async () => {
  await expect(dialSerial("/dev/no-such-modem", 921_600)).rejects.toThrow("/dev/no-such-modem");
});
