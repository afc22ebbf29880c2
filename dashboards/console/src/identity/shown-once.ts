/** What is shown this once, after it was made. */
export interface NewPassword {
  readonly name: string;
  readonly password: string;
}

export interface NewSecret {
  readonly name: string;
  readonly secret: string;
}
