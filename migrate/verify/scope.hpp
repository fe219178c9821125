#pragma once

#include "migrate/plan/filter.hpp"
#include "migrate/verify/schema.hpp"
#include "migrate/verify/shape.hpp"

/// What a filter leaves to be compared. Pure.
namespace pgpassage::migrate {

/// Takes out the tables whose rows the filter does not move, and the sequences that only the source has.
void narrow(ComparedShape& source, ComparedShape& target, const Filter& filter);

/// Takes out of the source's lines what may be missing on the target: everything but the schemas and the tables that
/// the filter selects, with their columns, indexes, triggers and so on. A foreign key may be missing, since what it
/// refers to may. What the target has is compared whether it was selected or not.
/// Not modelled: a view or sequence that was lost although all that it needs has moved.
void narrow(SchemaLines& source, SchemaLines& target, const Filter& filter);

}  // namespace pgpassage::migrate
