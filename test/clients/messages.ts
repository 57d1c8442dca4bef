/** What the clients ask for where they ask for a form. */
export const CITY = { city: 'Paris', people: 2 } as const;

/** JSON Schema of {@link CITY}. */
export const CITY_SCHEMA = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const }, people: { type: 'integer' as const } },
  required: ['city', 'people'],
  additionalProperties: false,
};

/** A picture as a message carries it: the signature of a PNG, and enough to span several reads. */
export const PICTURE = `data:image/png;base64,iVBORw0KGgo${'A'.repeat(300_000)}=`;
