// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace redoubt {

/// Frees with a C library's own function. Stateless, so a Handle is as large as a pointer.
template <auto free_function>
struct Deleter {
    template <class T>
    void operator()(T* resource) const {
        free_function(resource);
    }
};

/// Owns a resource of a C library.
template <class T, auto free_function>
using Handle = std::unique_ptr<T, Deleter<free_function>>;

}  // namespace redoubt
