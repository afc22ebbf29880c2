import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { silentLog } from "../base/log.ts";
import { listenModem, pipeTo } from "./modem-listen.ts";
import { listenSerial } from "./modem-listen-serial.ts";
import { TestHost } from "./test-host.ts";
import { dialTcp, scene } from "./test-scene.ts";

const OUTSIDE = { log: silentLog, listenSerial };

describe("the same bursts", () => {
  it("are the same bytes at the host through a pipe and through TCP", async () => {
    const piped = scene();
    const throughPipe = await piped.run(new TestHost(pipeTo(piped.modem)));
    const dialled = scene();
    const listening = await listenModem("tcp://127.0.0.1:0", dialled.modem, OUTSIDE);
    const throughTcp = await dialled.run(new TestHost(await dialTcp(listening.url ?? "")));
    await listening.stop();
    expect(throughPipe.captures).toBeGreaterThan(100);
    expect(throughPipe.payloads).toBeGreaterThan(10);
    expect(throughTcp.bytes).toBe(throughPipe.bytes);
  });

  it("are other bytes under another seed", async () => {
    const [one, other] = [scene("one"), scene("other")];
    const bytes = (await one.run(new TestHost(pipeTo(one.modem)))).bytes;
    expect((await other.run(new TestHost(pipeTo(other.modem)))).bytes).not.toBe(bytes);
  });
});

describe("a TCP port", () => {
  it("lets the newest connection win and hangs up the older", async () => {
    const { modem } = scene();
    const listening = await listenModem("tcp://127.0.0.1:0", modem, OUTSIDE);
    const older = await dialTcp(listening.url ?? "");
    const olderHost = new TestHost(older);
    await olderHost.settled(1);
    const hungUp = new Promise((resolve) => older.once("close", resolve));
    const newer = new TestHost(await dialTcp(listening.url ?? ""));
    await newer.settled(2);
    await hungUp;
    await newer.settled(3);
    await listening.stop();
  });

  it("is free again after stop", async () => {
    const listening = await listenModem("tcp://127.0.0.1:0", scene().modem, OUTSIDE);
    await listening.stop();
    const port = Number(listening.url?.split(":")[2]);
    const refused = new Promise((resolve) => {
      connect(port, "127.0.0.1").on("error", resolve);
    });
    expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("says who holds it when it is taken", async () => {
    const listening = await listenModem("tcp://127.0.0.1:0", scene().modem, OUTSIDE);
    await expect(listenModem(listening.url ?? "", scene().modem, OUTSIDE)).rejects.toThrow(
      /tcp:\/\/127\.0\.0\.1:\d+: .*EADDRINUSE/,
    );
    await listening.stop();
  });
});

it.each([
  "udp://127.0.0.1:1",
  "tcp://127.0.0.1",
  "tcp://127.0.0.1:70000",
  "serial://ttyUSB0",
  "serial:///dev/x?baud=fast",
])("refuses %s and says what is allowed", async (url) => {
  await expect(listenModem(url, scene().modem, OUTSIDE)).rejects.toThrow(
    /--modem-listen .*tcp:\/\/HOST:PORT .* serial:\/\/\/dev\/NAME\?baud=921600/,
  );
});

it("names a serial device that is not there", async () => {
  const url = "serial:///dev/hopline-is-not-here";
  await expect(listenModem(url, scene().modem, OUTSIDE)).rejects.toThrow(
    /serial device \/dev\/hopline-is-not-here/,
  );
});
