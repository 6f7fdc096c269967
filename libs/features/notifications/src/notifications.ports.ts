/** Appending to a stream: once per id. */
export interface AppendPort {
  append(stream: string, event: { id: string; type: string; data: unknown }): Promise<unknown>;
}
