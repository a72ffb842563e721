package io.aki.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a client was told to do, checked.
 */
record ClientSettings(String apiServer, @Nullable String endpoint, AkiOutputBinaryFormat outputBinaryFormat,
		boolean raiseExceptions, Duration progressInterval, boolean returnToolCallDict, Duration connectTimeout,
		Duration readTimeout, Duration progressTimeout, Duration jobTimeout, Duration cancelTimeout,
		Duration outageTimeout, boolean cancelOnClose, AkiRetryPolicy retry, long maxResponseBytes) {

	OutputConversion conversion() {
		return new OutputConversion(this.outputBinaryFormat, this.returnToolCallDict);
	}

}
