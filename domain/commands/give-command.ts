import { AppError } from "../../base/errors.ts";

/** What is to be kept beside whoever was given a command: its id, or why it could not be given. */
export type Given = { readonly id: string } | { readonly problem: string };

/** One command that cannot be given stops nothing that goes on without it. Any other error is thrown on. */
export async function giveCommand(create: () => Promise<{ readonly id: string }>): Promise<Given> {
  try {
    const { id } = await create();
    return { id };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}
