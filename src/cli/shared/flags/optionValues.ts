import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../../api/duration.ts";
import { type Address, parseAddress } from "../../../base/address.ts";
import { LOG_LEVELS, type LogLevel } from "../../../observe/logger.ts";

/** The parser of an option that may be given several times; commander calls it once per value. */
export function repeatable<T>(
  parse: (text: string) => T,
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)];
}

/** An option whose value is a duration. Its parsed value is milliseconds. */
export function durationOption(flags: string, description: string, text: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(text), text);
}

/** An option whose value is a number of bytes. */
export function bytesOption(flags: string, description: string, value: number): Option {
  return new Option(flags, description).argParser(bytes).default(value);
}

export function metricsOption(host: string): Option {
  return new Option("--metrics-listen <host:port>", "HTTP port for /metrics, /healthz and /readyz")
    .argParser(tcpAddress)
    .default(`${host}:9090`);
}

export function logOption(level: LogLevel): Option {
  return new Option("--log-level <level>", "JSON lines on standard error").choices(LOG_LEVELS).default(level);
}

/** Parses a duration to milliseconds. Throws InvalidArgumentError. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("Write a duration in h, m, s and ms, for example 1h, 90s or 500ms.");
  }
}

/** Parses `host:port`. Throws InvalidArgumentError. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new InvalidArgumentError("Write host:port, for example 127.0.0.1:9001 or [::1]:9001.");
  return parsed;
}

/** Checks `host:port` or `:port`, which is every IPv4 address. Throws InvalidArgumentError. */
export function tcpAddress(text: string): string {
  address(text);
  return text.startsWith(":") ? `0.0.0.0${text}` : text;
}

function bytes(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 31)
    throw new InvalidArgumentError("Write a number of bytes, for example 16777216.");
  return value;
}
