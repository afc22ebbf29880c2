import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What `npm run test:servers` needs beyond npm: Debian packages and one file that each brings. */
const PACKAGES: readonly (readonly [name: string, brings: string])[] = [
  ["postgresql", "/usr/lib/postgresql"],
  ["influxdb", "/usr/bin/influxd"],
  ["mosquitto", "/usr/sbin/mosquitto"],
  ["nats-server", "/usr/sbin/nats-server"],
  ["curl", "/usr/bin/curl"],
  ["socat", "/usr/bin/socat"],
  ["multimon-ng", "/usr/bin/multimon-ng"],
  ["chromium", "/usr/bin/chromium"],
  ["fonts-noto-cjk", "/usr/share/fonts/opentype/noto"],
  ["libfec-dev", "/usr/include/fec.h"],
  ["gcc", "/usr/bin/cc"],
  ["python3", "/usr/bin/python3"],
];

const missing = PACKAGES.filter(([, brings]) => !existsSync(brings)).map(([name]) => name);
if (missing.length > 0) {
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log(`Installing what is missing: ${missing.join(", ")}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["update", "-q"], { stdio: "inherit", env: environment });
    const args = ["install", "-y", "-q", "--no-install-recommends", ...missing];
    execFileSync("apt-get", args, { stdio: "inherit", env: environment });
  } else {
    console.error(`These tests need packages that are missing. As root:\n  ${command}`);
    process.exitCode = 1;
  }
}
