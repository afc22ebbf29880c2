export type ErrorCode =
  | "invalid_config"
  | "invalid_input"
  | "not_found"
  | "conflict"
  | "stale"
  | "not_allowed"
  | "unavailable";
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** Every error we throw on purpose. Match on `code`; the message is for people. */
export abstract class AppError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }
}

export class NotFoundError extends AppError {
  override readonly code = "not_found";

  constructor(what: string, id: string) {
    super(`${what} ${id} does not exist`, { what, id });
  }
}

export class ConflictError extends AppError {
  override readonly code = "conflict";
}

/** Somebody else changed the thing since the caller read it. */
export class StaleError extends AppError {
  override readonly code = "stale";

  constructor(what: string, asked: number, actual: number) {
    super(
      `${what} is at version ${actual} and the change was made from version ${asked}: read it again`,
      {
        asked,
        actual,
      },
    );
  }
}

/** The caller sees the thing but may not do this to it. */
export class NotAllowedError extends AppError {
  override readonly code = "not_allowed";
}

/** A dependency did not answer in time; the same call may succeed later. */
export class UnavailableError extends AppError {
  override readonly code = "unavailable";
}

export class InvalidConfigError extends AppError {
  override readonly code = "invalid_config";

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n- ${problems.join("\n- ")}`, { problems });
  }
}

/** What a person or a program gave cannot be taken; `field` names it, the message says what is allowed. */
export class InvalidInputError extends AppError {
  override readonly code = "invalid_input";

  constructor(field: string, message: string) {
    super(message, { field });
  }
}
