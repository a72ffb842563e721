package io.aki.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sample itself.
 *
 * @param imageEndpoint the endpoint that makes the images
 * @param reconnectGrace how long a job goes on after its last browser has gone, in case
 * it comes back
 * @param rememberEnded how long the end of a job can still be had by a browser that lost
 * its connection just before
 * @param emulatorPace how fast the emulator is: 1 is life-like, 20 is twenty times faster
 */
@ConfigurationProperties("sample")
public record SampleProperties(@DefaultValue("z_image_turbo") String imageEndpoint,
		@DefaultValue("10s") Duration reconnectGrace, @DefaultValue("1m") Duration rememberEnded,
		@DefaultValue("1") double emulatorPace) {

}
