/** The items of `conversationField`: what may be asked of a conversation. [REQ6] */
import { type Static, Type } from 'typebox'
import { IdLike, IntegerLike, Maybe, NaturalLike, OneOf, Opaque, Tagged } from './lenient.ts'

const CLOSE = OneOf(['CLOSE'])
/** Seconds fit a database integer. */
const Seconds = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: 0,
  maximum: 2 ** 31 - 1,
  pattern: '^[0-9]{1,9}$',
})
const Rating = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: 1,
  maximum: 5,
  pattern: '^[1-5]$',
})

const ConversationStateChange = Type.Object({
  field: Type.Literal('ConversationStateField'),
  conversationState: CLOSE,
})

const StageChange = Type.Object({ field: Type.Literal('Stage'), conversationState: CLOSE })

const DialogChange = Type.Object(
  {
    field: Type.Literal('DialogChange'),
    type: Maybe(OneOf(['UPDATE', 'CREATE'])),
    /** Where an older form keeps the dialog's id. */
    dialogId: Maybe(IdLike),
    dialog: Maybe(
      Type.Object({
        dialogId: Maybe(IdLike),
        state: Maybe(OneOf(['OPEN', 'CLOSE'])),
        closedBy: Maybe(Type.String()),
        closedCause: Maybe(Type.String()),
        dialogType: Maybe(Type.String()),
        channelType: Maybe(Type.String()),
        metaData: Maybe(Opaque),
      }),
    ),
  },
  {
    // A dialog that is made may be left to the server to name.
    if: {
      anyOf: [
        { properties: { dialogId: { type: ['string', 'integer'] } }, required: ['dialogId'] },
        { properties: { type: { const: 'CREATE' } }, required: ['type'] },
      ],
    },
    else: {
      properties: {
        dialog: {
          type: 'object',
          properties: { dialogId: IdLike },
          required: ['dialogId'],
        },
      },
      required: ['dialog'],
    },
  },
)

const TtrChange = Type.Object({
  field: Type.Literal('TTRField'),
  ttrType: OneOf(['CUSTOM', 'NORMAL', 'PRIORITIZED', 'URGENT']),
  value: Maybe(Seconds),
})

/** A skipped survey may carry any leftovers; a filled one has a rate. [REQ6] */
const CsatChange = Type.Object(
  {
    field: Type.Literal('CSATRate'),
    status: OneOf(['FILLED', 'PARTIALLY_FILLED', 'SKIPPED']),
    csatRate: Type.Optional(Type.Unsafe<number | string | null>({})),
    csatResolutionConfirmation: Maybe(
      Type.Unsafe<boolean | number>({ type: ['boolean', 'integer'] }),
    ),
  },
  {
    if: { properties: { status: { const: 'FILLED' } }, required: ['status'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['csatRate'], properties: { csatRate: Rating } },
    else: {
      if: { properties: { status: { const: 'PARTIALLY_FILLED' } }, required: ['status'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { csatRate: { if: { type: 'null' }, else: Rating } } },
    },
  },
)

const ParticipantsChange = Type.Object({
  field: Type.Literal('ParticipantsChange'),
  type: OneOf(['ADD', 'REMOVE', 'UPDATE', 'SUGGEST']),
  role: OneOf(['ASSIGNED_AGENT', 'AGENT', 'MANAGER', 'READER', 'CONTROLLER']),
  userId: Maybe(IdLike),
  dialogId: Maybe(IdLike),
})

const SkillChange = Type.Object({
  field: Type.Literal('Skill'),
  type: Maybe(OneOf(['UPDATE'])),
  skill: IdLike,
})

const ManualEttrChange = Type.Object({
  field: Type.Literal('ManualETTR'),
  time: Type.Unsafe<number | string | null>({
    ...NaturalLike,
    type: ['integer', 'string', 'null'],
  }),
})

const DelayChange = Type.Object({
  field: Type.Literal('DelayField'),
  type: OneOf(['NIGHT', 'WEEKEND', 'HOLIDAY']),
  tillWhen: IntegerLike,
})

const NoteChange = Type.Object({ field: Type.Literal('Note'), note: Type.String() })

const TopicChange = Type.Object({
  field: Type.Literal('TopicField'),
  topic: Maybe(Type.String()),
  note: Maybe(Type.String()),
})

/** One change of a conversation, told apart by `field`. */
export const ConversationFieldChange = Tagged('field', [
  ConversationStateChange,
  StageChange,
  DialogChange,
  TtrChange,
  CsatChange,
  ParticipantsChange,
  SkillChange,
  ManualEttrChange,
  DelayChange,
  NoteChange,
  TopicChange,
])
export type ConversationFieldChange = Static<typeof ConversationFieldChange>
