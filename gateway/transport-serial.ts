import type { Duplex } from "node:stream";
import { SerialPort } from "serialport";

/** 8N1 without flow control, held for ourselves alone (`lock`). */
export function dialSerial(path: string, baudRate: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false });
    port.open((error) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
