package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulator;

// tag::process[]
class EmulatorProcess {

	public static void main(String[] args) throws InterruptedException {
		try (AkiEmulator emulator = AkiEmulator.builder().port(9000).build()) {
			System.out.println("The emulator is at " + emulator.apiServer());
			Thread.currentThread().join();
		}
	}

}
// end::process[]
