/** Whether whoever is signed in may do this; until sign-in exists everybody at this machine may. */
export function useMay(): (action: string) => boolean {
  return () => true;
}
