/** Whom a secret is sealed for, so that rows cannot be exchanged. */
export const webhookOwner = (id: string): string => `webhook ${id}`;
export const secretOwner = (name: string): string => `notification ${name}`;
