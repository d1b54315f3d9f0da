/** Targets that together have every state. */
export const smallSample = [
  'contoso-finance',
  'contoso-hr',
  'contoso-it-desk',
  'contoso-legal',
  'fabrikam-production',
  'fabrikam-sales',
  'northwind-production',
  'northwind-sales',
] as const;
