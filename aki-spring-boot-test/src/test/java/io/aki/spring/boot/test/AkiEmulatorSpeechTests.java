package io.aki.spring.boot.test;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorSpeechTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void theAudioIsAPlayableWav() throws Exception {
		AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(speak("Guten Morgen")));
		AudioFormat format = audio.getFormat();
		assertThat(format.getChannels()).isEqualTo(1);
		assertThat(format.getSampleSizeInBits()).isEqualTo(16);
		assertThat(format.getEncoding()).isEqualTo(AudioFormat.Encoding.PCM_SIGNED);
		byte[] samples = audio.readAllBytes();
		assertThat(samples).hasSize((int) (audio.getFrameLength() * 2));
		assertThat(samples).containsAnyOf(40, 50, 60);
	}

	@Test
	void aLongerTextTakesLonger() {
		assertThat(speak("Good morning, dear listeners")).hasSizeGreaterThan(speak("Good morning").length);
	}

	@Test
	void theSameTextSoundsTheSame() {
		assertThat(speak("Good morning")).isEqualTo(speak("Good morning")).isNotEqualTo(speak("Good evening"));
	}

	@Test
	void progressIsReported() {
		String job = this.client.start("xttsv2", Map.of("text", "Good morning"));
		this.clock.advance(Duration.ofMillis(500));
		EmulatorClient.Reply reply = this.client.poll("xttsv2", job);
		assertThat(reply.at("/progress/progress").asInt()).isBetween(1, 99);
	}

	private byte[] speak(String text) {
		String job = this.client.start("xttsv2", Map.of("text", text, "language", "de"));
		this.clock.advance(Duration.ofMinutes(1));
		String uri = this.client.poll("xttsv2", job).at("/job_result/audio_output").asString();
		assertThat(uri).startsWith("data:audio/wav;base64,");
		return Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
	}

}
