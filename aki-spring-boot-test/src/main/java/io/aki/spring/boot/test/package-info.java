/**
 * An emulator of the AKI.IO API that runs in the same process. Use it for tests and for
 * work without a network.
 * <p>
 * {@link io.aki.spring.boot.test.AkiEmulator} serves the API over HTTP on the loopback
 * interface and records the requests. {@link io.aki.spring.boot.test.AkiEmulatorReplies}
 * sets its answers. {@link io.aki.spring.boot.test.AkiEmulatorFaults} sets its failures.
 * {@link io.aki.spring.boot.test.AutoConfigureAkiEmulator} starts an emulator for a test
 * of an application and configures the client to use it.
 */
@NullMarked
package io.aki.spring.boot.test;

import org.jspecify.annotations.NullMarked;
