// A day as the browser's date field gives it ("2026-11-23"), in the browser's time zone, as moments.
export const dayStart = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
export const dayEnd = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();
