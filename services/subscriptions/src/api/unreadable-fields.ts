import { z } from 'zod';

/** In answers about records with secrets; left out when all is well. */
export const unreadableFields = z
  .array(z.string())
  .optional()
  .describe('Fields whose stored secret cannot be opened by this installation. They are shown as unset; set them anew');
