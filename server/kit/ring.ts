/** Slack before names of those who are not fresh any more are swept out. */
const SLACK = 32

/**
 * Members that take turns. Every other turn is the member's who came in last and had none yet, so that one who comes
 * seldom need not wait for all others; the turns between are theirs who have waited longest, so that nobody is passed
 * over for ever.
 */
export class Ring<Member> {
  /** In the order of their last turn, or of their coming. */
  readonly #members = new Set<Member>()
  readonly #fresh = new Set<Member>()
  /** Who came in, the last one last; some are fresh no more. */
  #came: Member[] = []
  #isFreshTurn = true

  /** Does nothing when it is in already. */
  join(member: Member): void {
    if (this.#members.has(member)) return
    this.#members.add(member)
    this.#fresh.add(member)
    this.#came.push(member)
  }

  leave(member: Member): void {
    this.#members.delete(member)
    this.#fresh.delete(member)
    this.#sweep()
  }

  /** Whose turn it is. */
  get first(): Member | undefined {
    const fresh = this.#isFreshTurn ? this.#came.at(-1) : undefined
    return fresh ?? this.#members.values().next().value
  }

  /** The member had its turn. */
  rotate(member: Member): void {
    this.#isFreshTurn = !this.#isFreshTurn
    this.#fresh.delete(member)
    this.#members.delete(member)
    this.#members.add(member)
    this.#sweep()
  }

  #sweep(): void {
    while (this.#came.length > 0 && !this.#fresh.has(this.#came.at(-1)!)) this.#came.pop()
    if (this.#came.length > 2 * this.#fresh.size + SLACK) this.#came = this.#came.filter(each => this.#fresh.has(each))
  }
}
