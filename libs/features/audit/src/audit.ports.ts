/** Who the ids in entries stand for. */
export interface PeoplePort {
  byIds(userIds: readonly string[]): Promise<readonly { id: string; name: string; email: string }[]>;
}
