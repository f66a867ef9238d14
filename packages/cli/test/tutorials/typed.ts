/** What the tutorials have their reader type, letter by letter. */

export const SIGNUP =
  'LP_JWT=`curl -X POST https://$LP_IDP/api/account/$LP_ACCOUNT/signup | jq -r .jwt`'
export const CONNECT =
  'wscat -k 60 -H "Authorization:jwt $LP_JWT" -c "wss://$LP_ASYNCMESSAGINGENT/ws_api/account/$LP_ACCOUNT/messaging/consumer?v=3"'
export const CREATE = '{"kind":"req","id":1,"type":"cm.ConsumerRequestConversation"}'
export const PUBLISH =
  '{"kind":"req","id":2,"type":"ms.PublishEvent","body":{"dialogId":"__YOUR_CONVERSATION_ID__","event":{"type":"ContentEvent","contentType":"text/plain","message":"hi there"}}}'
export const SUBSCRIBE =
  '{"kind":"req","id":"22","body":{"fromSeq":0,"dialogId":"__YOUR_CONVERSATION_ID__"},"type":"ms.SubscribeMessagingEvents"}'

export const withId = (frame: string, id: string) => frame.replace('__YOUR_CONVERSATION_ID__', id)
