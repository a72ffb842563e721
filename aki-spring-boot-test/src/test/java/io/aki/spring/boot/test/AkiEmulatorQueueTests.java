package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jobs that wait for a worker. The clock changes only when a test advances it.
 */
class AkiEmulatorQueueTests {

	private static final Map<String, Object> SMALL = Map.of("prompt", "a lake", "width", 128, "height", 128);

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder()
		.clock(this.clock)
		.maxQueueLength("z_image_turbo", 2)
		.workers("qwen_image", 0)
		.build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void jobsWaitInTheOrderInWhichTheyCame() {
		List<String> jobs = List.of(image(), image(), image());
		assertThat(jobs.stream().map(this::state)).containsExactly("processing", "queued", "queued");
		assertThat(jobs.stream().map(this::position)).containsExactly(0, 1, 2);
	}

	@Test
	void estimatesCountTheJobsAhead() {
		List<String> jobs = List.of(image(), image(), image());
		assertThat(jobs.stream().map(this::estimate)).containsExactly(3.0, 6.0, 9.0);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(jobs.stream().map(this::estimate)).containsExactly(2.0, 5.0, 8.0);
	}

	@Test
	void jobsStartAndEndOnTimeHoweverLateSomebodyLooks() {
		String first = image();
		image();
		this.clock.advance(Duration.ofHours(1));
		List<AkiEmulatorJob> jobs = this.emulator.jobs();
		assertThat(jobs.get(0).id()).isEqualTo(first);
		assertThat(jobs.get(0).endedAt()).isEqualTo(jobs.get(0).acceptedAt().plusSeconds(3));
		assertThat(jobs.get(1).startedAt()).isEqualTo(jobs.get(0).endedAt());
		assertThat(jobs.get(1).endedAt()).isEqualTo(jobs.get(0).acceptedAt().plusSeconds(6));
		assertThat(jobs).extracting(AkiEmulatorJob::state).containsOnly("done");
	}

	@Test
	void theNextJobMovesUpWhenAWorkerIsFree() {
		image();
		String second = image();
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(state(second)).isEqualTo("processing");
		assertThat(position(second)).isZero();
	}

	@Test
	void aFullQueueRefusesTheCall() {
		for (int i = 0; i < 3; i++) {
			image();
		}
		EmulatorClient.Reply reply = this.client.call("z_image_turbo", SMALL);
		assertThat(reply.status()).isEqualTo(400);
		assertThat(reply.at("/error").asString()).isEqualTo("Job queue reached max length 2!");
		assertThat(reply.at("/success").asBoolean()).isFalse();
		assertThat(this.emulator.jobs()).hasSize(3);
	}

	@Test
	void detailsShowHowBusyTheEndpointIs() {
		image();
		image();
		EmulatorClient.Reply details = this.client.get("/api/endpoints/z_image_turbo", Map.of("key", "test-key"));
		assertThat(details.at("/free_queue_slots").asInt()).isEqualTo(1);
		assertThat(details.at("/max_queue_length").asInt()).isEqualTo(2);
		assertThat(details.at("/workers/0/state").asString()).isEqualTo("processing");
		assertThat(details.at("/workers/0/free_slots").asInt()).isZero();
	}

	@Test
	void withoutAWorkerEveryJobWaits() {
		String job = this.client.start("qwen_image", SMALL);
		this.clock.advance(Duration.ofDays(1));
		EmulatorClient.Reply reply = this.client.poll("qwen_image", job);
		assertThat(reply.state()).isEqualTo("queued");
		assertThat(reply.at("/progress/estimate").asDouble()).isEqualTo(-1);
		assertThat(reply.at("/progress/num_workers_online").asInt()).isZero();
		EmulatorClient.Reply details = this.client.get("/api/endpoints/qwen_image", Map.of("key", "test-key"));
		assertThat(details.at("/num_active_workers").asInt()).isZero();
		assertThat(details.at("/workers")).isEmpty();
	}

	@Test
	void aCallThatWaitsIsAnsweredWhenTheClockReachesItsEnd() throws Exception {
		image();
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater("z_image_turbo", SMALL);
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(call).isNotDone();
		this.clock.advance(Duration.ofSeconds(1));
		EmulatorClient.Reply reply = call.get(10, TimeUnit.SECONDS);
		assertThat(reply.at("/total_duration").asDouble()).isEqualTo(6);
		assertThat(reply.at("/compute_duration").asDouble()).isEqualTo(3);
		assertThat(this.emulator.jobs().get(1).handedOut()).isEqualTo(1);
	}

	@Test
	void aLapsedJobFreesItsWorkerAndFailsTheCallThatWaits() throws Exception {
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater("z_image_turbo", SMALL);
		String next = image();
		this.emulator.lapse(this.emulator.jobs().get(0).id());
		EmulatorClient.Reply reply = call.get(10, TimeUnit.SECONDS);
		assertThat(reply.status()).isEqualTo(400);
		assertThat(reply.at("/error").asString()).endsWith("lapsed!");
		assertThat(state(next)).isEqualTo("processing");
	}

	private String image() {
		return this.client.start("z_image_turbo", SMALL);
	}

	private String state(String job) {
		return this.client.poll("z_image_turbo", job).state();
	}

	private int position(String job) {
		return this.client.poll("z_image_turbo", job).at("/progress/queue_position").asInt();
	}

	private double estimate(String job) {
		return this.client.poll("z_image_turbo", job).at("/progress/estimate").asDouble();
	}

}
