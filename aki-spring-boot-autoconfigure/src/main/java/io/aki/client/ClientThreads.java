package io.aki.client;

import java.util.concurrent.ThreadFactory;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.ClassUtils;
import org.springframework.util.CustomizableThreadCreator;

/**
 * Creates the threads of a client: daemon threads, or virtual threads if they are
 * requested and the JVM supports them.
 */
final class ClientThreads {

	static final boolean VIRTUAL_THREADS = ClassUtils.hasMethod(Thread.class, "ofVirtual");

	private ClientThreads() {
	}

	static ThreadFactory named(String name, boolean virtual) {
		String prefix = "aki-client-" + name + "-";
		if (virtual && VIRTUAL_THREADS) {
			return new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory();
		}
		CustomizableThreadCreator creator = new CustomizableThreadCreator(prefix);
		creator.setDaemon(true);
		return creator::createThread;
	}

}
