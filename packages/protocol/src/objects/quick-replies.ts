/** Answers to choose from, below a message. [CNT2] */
import { Type } from 'typebox'
import { button, buttonDefinitions } from './structured-content.ts'

export const QuickReplies = Type.Object(
  {
    type: Type.Literal('quickReplies'),
    itemsPerRow: Type.Integer({ minimum: 1, maximum: 8 }),
    replies: Type.Array(button, { minItems: 1, maxItems: 24 }),
  },
  { additionalProperties: false, definitions: buttonDefinitions },
)
