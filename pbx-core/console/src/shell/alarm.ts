// A sound that somebody at another desk hears: three pairs of tones. A browser that lets no page sound before its user
// has done something on it stays silent; the banner stands there all the same.
let context: AudioContext | undefined;

export async function sound(): Promise<void> {
  try {
    context ??= new AudioContext();
    await context.resume();
    for (let pair = 0; pair < 3; ++pair)
      for (const [place, frequency] of [880, 660].entries()) {
        const begin = context.currentTime + pair * 0.9 + place * 0.3;
        const tone = context.createOscillator();
        const volume = context.createGain();
        tone.frequency.value = frequency;
        volume.gain.setValueAtTime(0, begin);
        volume.gain.linearRampToValueAtTime(0.3, begin + 0.02);
        volume.gain.setValueAtTime(0.3, begin + 0.26);
        volume.gain.linearRampToValueAtTime(0, begin + 0.28);
        tone.connect(volume).connect(context.destination);
        tone.start(begin);
        tone.stop(begin + 0.3);
      }
  } catch {
    // No sound on this machine.
  }
}
