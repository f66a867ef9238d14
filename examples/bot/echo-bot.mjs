/**
 * A whole bot: logs in as agent `ana` of the demo account, takes every conversation that is offered,
 * greets, and says back what the consumer says. `#close` ends the conversation.
 *
 *   node examples/bot/echo-bot.mjs [data folder]
 */
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import path from 'node:path'
import { WebSocket } from 'ws'

const data = path.resolve(process.argv[2] ?? 'data')
const readJson = (name) => JSON.parse(readFileSync(path.join(data, name), 'utf8'))
const server = readJson('server.json')
const { account, agents } = readJson('dev/credentials.json')
const ca = readFileSync(server.ca)

const logIn = ({ loginName: username, password }) =>
  new Promise((resolve, reject) => {
    const url = `https://${server.authority}/api/account/${account}/login?v=1.3`
    const headers = { 'content-type': 'application/json' }
    const asked = request(url, { method: 'POST', headers, ca }, async (answer) => {
      const body = (await answer.toArray()).join('')
      if (answer.statusCode === 200) resolve(JSON.parse(body))
      else reject(new Error(`login: ${answer.statusCode} ${body}`))
    })
    asked.on('error', reject)
    asked.end(JSON.stringify({ username, password }))
  })

const { bearer, config } = await logIn(agents.find(({ loginName }) => loginName === 'ana'))
const address = `ws_api/account/${account}/messaging/brand/${bearer}?v=3`
const socket = new WebSocket(`wss://${server.authority}/${address}`, { ca })

let lastId = 0
const send = (type, body) => {
  lastId += 1
  socket.send(JSON.stringify({ kind: 'req', id: lastId, type, body }))
}
const say = (dialogId, message) => {
  const event = { type: 'ContentEvent', contentType: 'text/plain', message }
  send('ms.PublishEvent', { dialogId, event })
}
const close = (conversationId) => {
  const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  send('cm.UpdateConversationField', { conversationId, conversationField })
}

const onRings = ({ changes }) => {
  const rings = changes.flatMap(({ result }) => result.ringsDetails)
  for (const { ringId, ringState, convId } of rings) {
    console.log(`ring ${ringState.toLowerCase()}: conversation ${convId}`)
    if (ringState === 'WAITING') send('routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
    if (ringState !== 'ACCEPTED') continue
    // From 0 on, so that what was written before the ring was accepted is heard too.
    send('ms.SubscribeMessagingEvents', { dialogId: convId, fromSeq: 0 })
    say(convId, 'Hello, I am a bot. I say what you say.')
  }
}
const onEvents = ({ changes }) => {
  for (const { originatorId, dialogId, sequence, event } of changes) {
    if (event.type !== 'ContentEvent' || originatorId === config.userPid) continue
    console.log(`consumer, ${sequence}: ${event.message}`)
    if (event.message === '#close') close(dialogId)
    else say(dialogId, `You said: ${event.message}`)
  }
}
socket.on('message', (text) => {
  const { type, body, code } = JSON.parse(text)
  if (type === 'routing.RoutingTaskNotification') onRings(body)
  if (type === 'ms.MessagingEventNotification') onEvents(body)
  if (code >= 400) console.error(`refused with ${code}: ${body}`)
})
socket.on('open', () => {
  send('routing.SubscribeRoutingTasks', {})
  send('routing.SetAgentState', { availability: 'ONLINE' })
  console.log(`ana is online on ${server.authority}`)
})
socket.on('close', (code, reason) => console.log(`closed with ${code} ${reason}`))
