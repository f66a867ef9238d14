/** Saying things in a dialog and reading what was said. */
import { Type } from 'typebox'
import { EventRecord } from '../objects/conversation.ts'
import { ClientEventId, EventInput, MessageAudience } from '../objects/event.ts'
import { IdLike, IntegerLike, Maybe, NaturalLike, OneOrMany, Opaque } from '../objects/lenient.ts'
import { defineMethod, names, plain, plainNames } from './method.ts'

const publishNames = names({
  request: 'ms.PublishEvent',
  response: 'ms.PublishEventResponse',
  response2: '.ams.ms.PublishEvent$Response',
})
/** Agents only; -1 when nothing was seen. `insist` publishes all the same. [CNT20] */
const StaleReplyGuard = Type.Object({
  lastSeenSequence: IntegerLike,
  insist: Maybe(Type.Boolean()),
})

/** A chat state has no sequence and is answered with 0. */
const Published = Type.Object({ sequence: Type.Integer({ minimum: 0 }) })

export const publishEvent = defineMethod({
  title: 'Publish an event',
  description: 'Appends a message or a receipt to a dialog, or shows a chat state in it.',
  names: { consumer: publishNames, agent: publishNames },
  body: Type.Object(
    {
      /** Absent: the main dialog of `conversationId`. */
      dialogId: Maybe(IdLike),
      conversationId: Maybe(IdLike),
      event: EventInput,
      eventId: Maybe(ClientEventId),
      messageAudience: Maybe(MessageAudience),
      metadata: Maybe(OneOrMany(Opaque)),
      /** An extension of this server: refuse when a colleague has written after this sequence. */
      ringdown: Maybe(StaleReplyGuard),
    },
    {
      if: {
        properties: { conversationId: { type: ['string', 'integer'] } },
        required: ['conversationId'],
      },
      else: { required: ['dialogId'], properties: { dialogId: IdLike } },
    },
  ),
  answers: { 2: Published, 3: Published },
  isBuilt: true,
  errors: [
    'conversation_not_found',
    'dialog_not_found',
    'dialog_closed',
    'not_participant',
    'event_id_reused',
    'stale_reply',
  ],
})

const Subscribed = Type.Object({
  subscriptionId: Type.Optional(Type.String()),
  /** Changes when the store was restored from a copy: positions from before mean nothing then. */
  epoch: Type.Optional(Type.String()),
})

export const subscribeMessagingEvents = defineMethod({
  title: 'Subscribe to the events of a dialog',
  description: 'Replays the events of a dialog from a sequence on and goes on with new ones.',
  names: {
    consumer: names({
      request: 'ms.SubscribeMessagingEvents',
      response: '.ams.GenericSubscribeResponse',
      response2: '.ams.GenericSubscribe$Response',
    }),
    agent: names({
      request: 'ms.SubscribeMessagingEvents',
      request2: 'ms.SubscribeMessagingEvents',
      response: 'GenericSubscribeResponse',
      response2: '.ams.GenericSubscribe$Response',
    }),
  },
  body: Type.Object({
    dialogId: IdLike,
    conversationId: Maybe(IdLike),
    /** Inclusive; below 0 counts as 0. */
    fromSeq: Maybe(IntegerLike),
  }),
  answers: { 2: Subscribed, 3: Subscribed },
  isBuilt: true,
  errors: ['dialog_not_found'],
})

const UNSUBSCRIBE = { request: 'ms.UnsubscribeMessagingEvents' }

export const unsubscribeMessagingEvents = defineMethod({
  title: 'Stop the events of a dialog',
  description: 'Ends the subscription of this connection to the events of a dialog.',
  names: { consumer: plainNames('consumer', UNSUBSCRIBE), agent: plainNames('agent', UNSUBSCRIBE) },
  body: Type.Object({ dialogId: IdLike }),
  answers: plain,
  isBuilt: true,
  errors: [],
})

const queryNames = names({
  request: 'ms.QueryMessages',
  response: 'ms.QueryMessagesResponse',
  response2: '.ams.ms.QueryMessages$Response',
})
const Events = Type.Array(EventRecord)

export const queryMessages = defineMethod({
  title: 'Query the events of a dialog',
  description: 'Answers with stored events of a dialog, lowest sequence first.',
  names: { consumer: queryNames, agent: queryNames },
  body: Type.Object({
    dialogId: IdLike,
    conversationId: Maybe(IdLike),
    /** Inclusive. */
    fromSeq: Maybe(IntegerLike),
    /** Inclusive too, whatever its name says. */
    newerThanSequence: Maybe(IntegerLike),
    /** Exclusive. */
    olderThanSequence: Maybe(IntegerLike),
    /** The newest so many. */
    maxQuantity: Maybe(NaturalLike),
  }),
  answers: { 2: Events, 3: Events },
  isBuilt: true,
  errors: ['dialog_not_found'],
})
