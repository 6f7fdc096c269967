/**
 * Runs the API's own configuration check on the variables it would get.
 * @returns one line per wrong variable; empty when all is well
 */
export async function configProblems(env: Record<string, string>): Promise<string[]> {
  const { ConfigError, loadConfig } = await import('@cartwright/platform-config');
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, problem }) => `${variable}: ${problem}`);
  }
}
