/** An account with agents, consumers and open dialogs, made over the public interface. */
import { ADMIN_TOKEN } from './server-process.ts'
import { type Door, Wire } from './wire.ts'

export interface Person {
  readonly actorId: string
  readonly door: Door
}

/** One conversation: a consumer and the agent who opened it. */
export interface Pair {
  readonly dialogId: string
  readonly consumer: Person
  readonly agent: Person
}

const PASSWORD = 'correct horse battery staple'
const ACCOUNT = '7000001'

const post = async <T>(url: string, body: object, headers: object = {}): Promise<T> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

const administer = { authorization: `Bearer ${ADMIN_TOKEN}` }

export const createAccount = (url: string) =>
  post(`${url}/ringdown/v1/accounts`, { id: ACCOUNT }, administer)

export const signUp = async (url: string): Promise<Person> => {
  const { jwt } = await post<{ jwt: string }>(`${url}/api/account/${ACCOUNT}/signup`, {})
  const { sub } = JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64').toString()) as {
    sub: string
  }
  const path = `/ws_api/account/${ACCOUNT}/messaging/consumer?v=3`
  return { actorId: sub, door: { path, headers: { Authorization: `jwt ${jwt}` } } }
}

/** Agents use version 2, as bots do. */
export const hire = async (url: string, loginName: string): Promise<Person> => {
  const account = `${url}/api/account/${ACCOUNT}`
  const person = { loginName, fullName: 'Ana Test', password: PASSWORD, roles: ['agent'] }
  await post(`${account}/ringdown/v1/agents`, person, administer)
  const credentials = { username: loginName, password: PASSWORD }
  const login = await post<{ bearer: string; config: { userPid: string } }>(
    `${account}/login?v=1.3`,
    credentials,
  )
  const path = `/ws_api/account/${ACCOUNT}/messaging/brand/${login.bearer}?v=2.1`
  return { actorId: login.config.userPid, door: { path, headers: {} } }
}

const openPair = async (url: string, name: string): Promise<Pair> => {
  const [consumer, agent] = await Promise.all([signUp(url), hire(url, name)])
  await using wire = await Wire.open(Number(new URL(url).port), agent.door)
  const body = { consumerId: consumer.actorId }
  const opened = await wire.ask('.ams.cm.AgentRequestConversation', body)
  if (opened?.code !== 200) throw new Error(`not opened: ${JSON.stringify(opened)}`)
  return { dialogId: opened.body.conversationId, consumer, agent }
}

/** Opens as many conversations in a new account. */
export const openPairs = async (url: string, count: number): Promise<Pair[]> => {
  await createAccount(url)
  return Promise.all(Array.from({ length: count }, (_, at) => openPair(url, `agent-${at}`)))
}
