import { useEffect, useState } from 'react';

/** The present time, renewed every `intervalMs`, for words like "in 5 minutes". */
export function useTick(intervalMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}
