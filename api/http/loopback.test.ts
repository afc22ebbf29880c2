import { describe, expect, it } from "vitest";
import { isLoopback, isOwnHost, publicHostOf, requireReachable } from "./loopback.ts";

describe("loopback", () => {
  it.each(["127.0.0.1", "127.8.9.10", "::1", "localhost"])("allows %s", (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(["0.0.0.0", "::", "192.168.1.4", "10.0.0.1", "example.org", "", "127.0.0.1.example.org"])(
    "refuses %s and says what is allowed",
    (host) => {
      expect(() => {
        requireReachable(host, undefined);
      }).toThrow(/HTTP_HOST.*PUBLIC_URL.*127\.0\.0\.1, ::1 or localhost/);
      expect(() => {
        requireReachable(host, "https://hopline.example.org");
      }).not.toThrow();
    },
  );

  it("takes a request only under a name of this machine", () => {
    expect(isOwnHost("127.0.0.1:8080")).toBe(true);
    expect(isOwnHost("[::1]:8080")).toBe(true);
    expect(isOwnHost("localhost")).toBe(true);
    expect(isOwnHost("attacker.example:8080")).toBe(false);
    expect(isOwnHost(undefined)).toBe(false);
  });

  it("takes a request under the public name, too", () => {
    const own = publicHostOf("https://hopline.example.org/");
    expect(isOwnHost("Hopline.example.org", own)).toBe(true);
    expect(isOwnHost("hopline.example.org.attacker.example", own)).toBe(false);
    expect(isOwnHost("127.0.0.1:8080", own)).toBe(true);
    expect(publicHostOf("http://10.0.0.5:8080")).toBe("10.0.0.5:8080");
  });
});
